"""No table of cases: one line for each instant."""

import unittest
from datetime import UTC, datetime, timedelta

import crossing

DAY = datetime(2026, 5, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DRY = [crossing.Window(DAY + 6 * HOUR, DAY + 9 * HOUR), crossing.Window(DAY + 18 * HOUR, DAY + 70 * HOUR)]
INSTANT = timedelta(microseconds=1)


class Crossing(unittest.TestCase):
    def left(self, hours, more=timedelta(0)):
        return crossing.minutes_left(DRY, DAY + hours * HOUR + more)

    def test_opening(self):
        self.assertIsNone(self.left(6, -INSTANT))
        self.assertEqual(self.left(6), 180)

    def test_closing(self):
        self.assertEqual(self.left(9, -INSTANT), 0)
        self.assertIsNone(self.left(9))

    def test_days(self):
        self.assertEqual(self.left(20), 50 * 60)

    def test_over(self):
        self.assertIsNone(self.left(70))
        self.assertIsNone(crossing.next_window(DRY, DAY + 71 * HOUR))

    def test_zone(self):
        self.assertRaises(ValueError, crossing.next_window, [], datetime(2026, 5, 1))

    def test_margin(self):
        [short, _] = crossing.shorten(DRY, HOUR)
        self.assertEqual((short.opens, short.closes), (DAY + 7 * HOUR, DAY + 8 * HOUR))
        [left] = crossing.shorten(DRY, 1.5 * HOUR)
        self.assertEqual(left.opens, DAY + 19.5 * HOUR)
