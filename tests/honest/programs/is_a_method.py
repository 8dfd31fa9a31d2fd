class Solution:
    def double(self, x):
        return 2 * x


double = Solution().double
