"""What the windows promise."""

import unittest

from causeway import is_open, next_opening, table

DAY = [(130, 570), (880, 1310)]


class Windows(unittest.TestCase):
    def test_open_and_closed(self):
        self.assertTrue(is_open(DAY, 300))
        self.assertFalse(is_open(DAY, 700))

    def test_next_opening(self):
        self.assertEqual(next_opening(DAY, 700), 880)
        self.assertIsNone(next_opening(DAY, 1200))

    def test_table_is_there(self):
        self.assertTrue(table())
