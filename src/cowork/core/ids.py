"""Ids and codes, made from a given time and given random bytes (the core reads neither)."""

from __future__ import annotations

import hashlib
import re

_UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")

# Digits that cannot be confused on a projector or over a telephone: no 0/O, 1/I.
CODE_DIGITS = "23456789"

#: Words of every code: short, and distinct over a telephone. No name of a person, nothing that hurts.
#: Codes are never validated against this list, so a code whose word was removed stays valid.
_WORD_LIST = """
ACORN ALDER AMBER APPLE APRON ARROW ASPEN BADGE BAKER BASIL BEACH BEECH BERRY BIRCH BIRD BLOOM BOAT BREAD
BRICK BROOK BRUSH CABIN CANOE CARGO CEDAR CHALK CHERRY CLAY CLIFF CLOUD CLOVER COAST COMET CORAL COTTON CRANE
CREEK DAISY DAWN DELTA DUNE EAGLE EARTH EMBER FABRIC FERN FIELD FINCH FLINT FLUTE FOREST FROST GARDEN GINGER
GLADE GLOBE GRAIN GRAPE GROVE HARBOR HAZEL HEATH HERB HERON HILL HONEY HORSE ISLAND IVORY IVY JADE JUNIPER
KAYAK KETTLE KIND KITE LADDER LAGOON LAKE LANTERN LARK LAUREL LEAF LEMON LILAC LINEN LOTUS MAPLE MARBLE MEADOW
MELON MINT MOSS MUSIC NECTAR NEST NORTH NUTMEG OAK OAT OCEAN OLIVE ONYX ORBIT ORCHID OTTER PAPER PARK PEACH
PEARL PEBBLE PEPPER PINE PLUM POND POPLAR POTTER PRISM QUARTZ QUILL RAFT RAIN RAVEN REED RIVER ROBIN ROCKET
SAGE SAIL SALMON SAND SHELL SHORE SILK SILVER SLATE SOLAR SPARK SPRING SPRUCE STONE STREAM SUMMER SUN TABLE
THYME TIGER TIMBER TULIP VALLEY VELVET VIOLET WALNUT WAVE WHEAT WILLOW WINTER WREN
"""
CODE_WORDS: tuple[str, ...] = tuple(_WORD_LIST.split())


def uuid7(at_ms: int, chance: bytes) -> str:
    """A UUIDv7 (RFC 9562) from milliseconds since 1970 and ten random bytes. Ids never order anything."""
    value = (at_ms & (1 << 48) - 1) << 80 | int.from_bytes(chance[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def derive_id(name: str) -> str:
    """The same id for the same name, on every machine (UUIDv8): accepting an entry twice adds it once."""
    text = hashlib.sha256(name.encode()).hexdigest()[:32]
    text = text[:12] + "8" + text[13:16] + "8" + text[17:]
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def is_id(value: object) -> bool:
    """True for a UUID in lower-case canonical form, the only form that is stored."""
    return isinstance(value, str) and bool(_UUID.match(value))


def code_characters(code: str) -> str:
    """The letters and digits of a code as typed by a person: `river plum 4729` -> `RIVERPLUM4729`."""
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def normalise_workshop_code(code: str) -> str:
    """A workshop code in the form that is compared: `kind 742`, `Kind-742` -> `KIND-742`."""
    signs = code_characters(code)
    match = re.match(r"^([A-Z]+)([0-9]+)$", signs)
    return f"{match[1]}-{match[2]}" if match else signs
