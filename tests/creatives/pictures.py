"""Pictures to publish, and files that are none, written here byte by byte."""

import struct
import zlib

LIMIT, SIDE = 150 * 1024, 2_000
KINDS = {"GIF": "image/gif", "JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def png(width, height, noise=b""):
    """A PNG of one colour, with `noise` as its comment."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * width) * height, 9))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"tEXt", b"Comment\0" + noise) + rows + chunk(b"IEND", b"")


def gif(width, height, noise=b""):
    """The head of a GIF, and `noise`."""
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0" + noise + b";"


def jpeg(width, height, noise=b""):
    """A JPEG as far as its size is said, and `noise`."""
    start = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    frame = struct.pack(">BHH", 8, height, width) + b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"
    return start + b"\xff\xc0\0\x11" + frame + noise + b"\xff\xd9"


def webp(width, height, noise=b""):
    """A WebP with an extended head, and `noise`."""
    def three(number):
        return struct.pack("<I", number - 1)[:3]
    body = b"WEBPVP8X\x0a\0\0\0\0\0\0\0" + three(width) + three(height) + noise
    return b"RIFF" + struct.pack("<I", len(body)) + body


WRITERS = {"GIF": gif, "JPEG": jpeg, "PNG": png, "WEBP": webp}


def picture(dice):
    """A random picture: its format, width, height and file."""
    kind = dice.choice(sorted(KINDS))
    width, height = (dice.choice((1, 16, 88, 300, 728, SIDE)) for _ in range(2))
    noise = dice.randbytes(dice.choice((8, 100, 10_000, 100_000)))
    return kind, width, height, WRITERS[kind](width, height, noise)


def no_picture(dice):
    """A random file that must not be published."""
    width, height = dice.choice(((0, 10), (10, 0), (SIDE + 1, 10), (10, SIDE + 1)))
    return dice.choice((
        b"", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<html><script>alert(1)</script>", b"%PDF-1.7",
        b"MZ" + dice.randbytes(64), png(10, 10)[:20], png(10, 10, dice.randbytes(LIMIT)), gif(width, height),
        png(max(width, 1), max(height, 1)) if max(width, height) > SIDE else gif(width, height)))
