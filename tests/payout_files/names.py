"""Names of account holders, made up so that files break if anything can break them; and what a bank should read of each."""

import unicodedata

FIRST = ("Ann", "Ángström", "Žofie", "Núria", "Jörg", "Çağla", "Đorđe", "Þóra", "Łukasz", "Søren", "Æsa", "Ève-Marie",
         "İpek", "Großmann", "Ståle", "Ngọc Ánh", "Ștefan", "D'Arcy", "O’Neill", "Anne--Lise", "ann", "ANN", "R2D2",
         "X Æ A-12")
LAST = ("Lee", "Müller & Söhne", "Żółć", "van 't Hoff", "\"Bob\" Smith", "Smith, Jr.", "<b>&amp;</b>", "]]>", "Ltd.;DROP",
        "Pty/Ltd", "100% Fun", "#1", "{x}", "a|b", "a\\b", "~tilde~", "*star*", "you@home", "$$$ Inc.", "€ shop", "№ 5",
        "½ & ½", "a=b", "a_b", "Ünlü—Œuvre…", "“Quoted”", "Lee (née Żak)", "AT&T", "`tick`", "^caret", "semi;colon",
        "colon: Lee", "Lee?", "Lee!")
FOREIGN = ("Алексей Ёжиков", "Γιώργος Παπαδόπουλος", "李小龙", "山田 太郎", "김철수", "محمد علي", "יוסף כהן", "राम शर्मा",
           "สมชาย ใจดี", "გიორგი ბერიძე", "Հայկ Պետրոսյան", "Ольга Щукина-Ющенко", "Nguyễn Văn Ất", "ሀይለ ስላሴ", "தமிழ் செல்வி",
           "👩‍💻 Ann 👍", "ＡＮＮ ＬＥＥ", "A\u030angstro\u0308m Le\u0301e", "ﬁnn ﬂynn", "Ⅷ Legion", "ℌans", "ǅemal")
LEADING = ("=", "+", "-", "@", "=1+1;", "=HYPERLINK(\"http://x.example\",\"Ann\") ", "+44 ", "'", "\"", "/", "//", " ", "&",
           ".", ",", "#", "'=")
TRAILING = ("", "", "", "/", " /", "&", ",", "\"", " ", "'", ";", "=", "-", ".")
NOBODY = ("==", "++ &&", "'' \"\"", "--/--", "。。", "!! ??", "& A", "-- - -- - -- - -- - -- Ann")
"Names of which banks could not write two letters or digits."
LONGEST = 100
LINE = 70
"So many characters of a name fit into a transfer; a slash as the last of them is a corner (see `corners.py`)."


def some_name(dice):
    """A name of somebody, of two to a hundred characters."""
    kind = dice.randrange(10)
    if kind < 3:
        return dice.choice(FOREIGN)
    name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
    if kind < 6:
        name = dice.choice(LEADING) + name + dice.choice(TRAILING)
    elif kind < 8:
        while len(name) < 75 + dice.randrange(20):
            name += f" {dice.choice(FIRST + LAST + FOREIGN)}"
    name = name[:LONGEST].strip()
    return _is_usual(name) and name or some_name(dice)


def nobody(dice):
    """A name that no bank could write."""
    return dice.choice(NOBODY)


def _is_usual(name):
    """Whether at least two of the first letters are plain ones, and no slash may come to stand at the end of a line.

    Signs before them may become several characters, so that only the first few count.
    """
    plain = sum(one.isascii() and one.isalnum() for one in name[:9])
    return plain >= 2 and "/" not in name[LINE // 3:LINE + 2]


def letters(name):
    """The letters and digits that a bank should read of a name, or nothing if that is a matter of taste.

    Marks above and below letters are left out; a letter that has no plain one beneath it, or a sign that is not ASCII, may
    be written in several ways.
    """
    found = []
    for one in unicodedata.normalize("NFKD", name):
        if one.isascii():
            found.append(one if one.isalnum() else "")
        elif not unicodedata.combining(one):
            return None
    return "".join(found)


def is_spelled(name, text, most):
    """Whether `text` says a name in at most so many characters."""
    wanted = letters(name)
    got = "".join(one for one in text if one.isalnum())
    if wanted is None or not got:
        return len(got) >= 2 and got.isascii()
    got, wanted = got.upper(), wanted.upper()
    # A name that has no room is cut off; every letter that is there is in its place.
    return got == wanted if len(name.strip()) <= most - 3 and name.isascii() else wanted.startswith(got)
