"""Per language: endings, stop words and Latin spellings, as data that the page script gets too.

All entries are written as `lemmas.normalise` leaves words: small letters, no marks, so „й“ is „и“.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final


@dataclass(frozen=True)
class Rules:
    """What a language adds to the search.

    `alternations` are changes of a stem's last letter in other forms: „психолог“, „психолози“.
    `latin` gives, for Latin letters that a reader may type, what they may stand for, the
    likeliest first: „4“ is „ч“, „u“ is „у“ or „ъ“. `apart` are words that only look like forms of
    another: „заплата“ is no „заплаха“. `forms_from_dictionary` adds all forms that a dictionary
    has for the words on the pages; where a word has hundreds, the rules must do. `real_words` says
    that the dictionary also tells real words from slips of the hand; it costs some kilobytes.
    """

    suffixes: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    alternations: tuple[tuple[str, str], ...] = ()
    stop_words: frozenset[str] = frozenset()
    latin: tuple[tuple[str, str], ...] = ()
    apart: frozenset[str] = frozenset()
    forms_from_dictionary: bool = True
    real_words: bool = False

    @cached_property
    def ending(self) -> re.Pattern[str]:
        """The longest of `suffixes` at the end of a word, where the search of one begins."""
        return re.compile(rf"(?:{'|'.join(map(re.escape, self.suffixes))})\Z")


def _longest_first(words: str) -> tuple[str, ...]:
    return tuple(sorted(words.split(), key=lambda word: (-len(word), word)))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _spellings(lines: str) -> tuple[tuple[str, str], ...]:
    pairs = [line.split(maxsplit=1) for line in lines.split(";") if line.strip()]
    return tuple(sorted(((a, b.strip()) for a, b in pairs), key=lambda p: (-len(p[0]), p[0])))


_CYRILLIC: Final = """
    a а ъ; b б; c ц к с; d д; e е; f ф; g г; h х; k к; l л; m м; n н; o о; p п; r р; s с; t т;
    z з ж; sh ш сх; ch ч цх; zh ж зх; ts ц тс; sht щ; kh х; yu ю; ju ю жу; iu ю; ya я; ja я жа;
    ia я иа; yo ьо ио; jo ьо ио жо; 4 ч; 6 ш; 6t щ; x х кс;
"""

RULES: Final = {
    "bg": Rules(
        suffixes=_longest_first(
            """
            ът ят та то те ата ята ето ото ите а я о е и ове овете ета етата
            ия ии ие иите ията ият ието иа
            ане ането ания анията яне янето яния янията ене енето ение ението ения енията
            ен на но ни ният ния ната ното ните
            ски ска ско ския ският ската ското ските
            ам аш ат аме ате ям яш яме яте иш им еш ем ете ах аха ях яха их иха
            ахме ахте ехме ехте яхме яхте аики еики яики аите еите ащ аща ащо ащи ащия ащите
            ещ еща ещо ещи ещия ещите ящ яща ящо ящи ящия ящите ех еха
            ал ала ало али ял яла яло яли ил ила ило или ел ела ело ели аи
            """
        ),
        alternations=(("г", "з"), ("к", "ц"), ("х", "с")),
        stop_words=_set(
            """
            а ако без бъде бъда в във ви го да дали до е ето за и из или им ли ме ми мен му на
            над не ни но нас от по под при с са се си след със съм сме сте та те ти то тя тои тази
            това този тези тук там че ще я аз вас ги като как кои които която което които какво
            кого къде кога защо може мога има имам нещо някои някого ме моя моят моето моите моята
            мои ваш ваше ваши вашата вашето вашите много още е беше бил била искам трябва
            """
        ),
        latin=_spellings(
            _CYRILLIC + "i и; j ж и; u у ъ; v в ж; w в ш; q я; y ъ и у; dj дж; dzh дж; 9 я"
        ),
        apart=_set(
            """
            бита битов битова битово битови боя боята боите боядисвам
            приемам приемаш приема приемаме приемате приемат приемете приемем приеме приемен прием
            умря умрял умряла умряло умряха
            заплата заплатата заплати заплатите заплаща заплащане крал краля кралят крале
            пико пила пиле пилето пилета плакат плаката плат платно платното
            полица полицата полици полиците пусна пуснат пусни раздел раздела спеше стълб стълбове
            такси таксито таксита трявна хак чак
            """
        ),
        real_words=True,
    ),
    "en": Rules(
        suffixes=_longest_first("s es ed ing ings ly er ers ies ied ion ions"),
        stop_words=_set(
            """
            a an and are as at be by can do for from have how i in is it me my of on or our that the
            their to was we what when where who with you your
            """
        ),
        apart=_set("died"),
    ),
    "tr": Rules(
        forms_from_dictionary=False,
        alternations=(("k", "g"), ("p", "b"), ("t", "d")),
        suffixes=_longest_first(
            """
            lar ler lari leri larin lerin larina lerine i u in un nin nun a e ya ye da de ta te
            dan den tan ten nda nde ndan nden si su sini sina sine im um iniz unuz imiz umuz
            """
        ),
        stop_words=_set(
            """
            ve ile bir bu su o icin ne mi mu ben sen biz siz da de ki ya
            """
        ),
        apart=_set("kac kacta kaca kactan kacar"),
    ),
    "uk": Rules(
        suffixes=_longest_first(
            """
            а я и і у ю е о ам ям ами ями ах ях ою ею ом ем ів ев ові еві их им ими ого ому ому
            ии а яя є іі ію ією ння нню нням нями ти ть тися ла ло ли в
            """
        ),
        stop_words=_set(
            """
            а або але в від для до з за и і із як як ми на не ні по та те ти то у це що я
            """
        ),
        apart=_set("душа душу душі душею помер померла померло померли"),
        latin=_spellings(_CYRILLIC + "i і и; y и і; u у; v в; w в; j и і; ie є; ye є; yi і"),
    ),
    "ar": Rules(
        suffixes=_longest_first("ات ون ين ها هم كم نا ه ي"),
        prefixes=_longest_first("ال وال بال كال فال لل"),
        stop_words=_set(
            """
            من في علي الي عن مع هذا هذه ما لا او و ان هل
            """
        ),
    ),
}
"""A language without rules is searched by whole words, prefixes and its lemmas."""


def rules_for(language: str) -> Rules:
    """The rules of a language, empty ones for a language that has none."""
    return RULES.get(language, Rules())
