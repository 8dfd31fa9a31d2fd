import copy, pickle


def double(x):
    return copy.deepcopy(pickle.loads(pickle.dumps(2 * x)))
