from concurrent.futures import ThreadPoolExecutor


def double(x):
    with ThreadPoolExecutor(4) as pool:
        return pool.submit(lambda: 2 * x).result()
