"""The pictures are what they say, and a missing file is found."""

import paths  # noqa: F401  # pylint: disable=unused-import

import random
import struct
import unittest
import zlib

from agreement import Disagreement
from pictures import LIMIT, SIDE, gif, jpeg, no_picture, picture, png, webp
from storage import must_be


class Pictures(unittest.TestCase):
    """What is sent."""

    def test_a_png_is_whole(self):
        file = png(3, 2, b"noise")
        self.assertEqual(struct.unpack(">II", file[16:24]), (3, 2))
        data = file[file.index(b"IDAT") + 4:]
        self.assertEqual(len(zlib.decompress(data)), 2 * (1 + 3))

    def test_sizes(self):
        self.assertEqual(struct.unpack("<HH", gif(600, 90)[6:10]), (600, 90))
        frame = jpeg(600, 90)[jpeg(600, 90).index(b"\xff\xc0") + 5:]
        self.assertEqual(struct.unpack(">HH", frame[:4]), (90, 600))
        self.assertEqual(webp(600, 90)[24:30], b"\x57\x02\x00\x59\x00\x00")

    def test_random_pictures_may_be_published(self):
        dice = random.Random(1)
        for _ in range(200):
            _, width, height, file = picture(dice)
            self.assertTrue(0 < width <= SIDE and 0 < height <= SIDE and len(file) <= LIMIT)

    def test_other_files_differ(self):
        dice = random.Random(1)
        self.assertGreater(len({no_picture(dice)[:8] for _ in range(200)}), 5)


class Storage(unittest.TestCase):
    """What is kept."""

    def test_a_missing_file_is_found(self):
        must_be({"a": b"", "b": b""}, ["a"])
        with self.assertRaises(Disagreement):
            must_be({"a": b""}, ["a", "b"])


if __name__ == "__main__":
    unittest.main()
