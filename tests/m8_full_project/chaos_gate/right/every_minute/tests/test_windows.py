"""What the windows promise, for every minute of a day."""

import unittest

from causeway import is_open, next_opening

DAY = [(130, 570), (880, 1310)]
OPEN = {minute for opens, closes in DAY for minute in range(opens, closes)}


class EveryMinute(unittest.TestCase):
    def test_open_where_it_should_be(self):
        for minute in range(24 * 60):
            with self.subTest(minute=minute):
                self.assertIs(is_open(DAY, minute), minute in OPEN)

    def test_next_opening(self):
        self.assertEqual([next_opening(DAY, at) for at in (0, 130, 1200)], [130, 880, None])
