"""Words for a room code: short, easy to say and to spell, unlike each other, none that could sting."""

_ALL = """
    acorn amber anchor apple april arrow autumn bagel bamboo banana barley basket beach berry bicycle birch biscuit
    blanket blossom bottle bread breeze bridge brook bucket butter button cabin candle canoe carrot castle cedar
    cello chair cherry chestnut circle clover cloud coast cocoa copper coral cotton cradle crystal curtain daisy
    dolphin drum eagle echo elbow ember engine fabric falcon feather fennel ferry fiddle field finch flute forest
    fountain garden garlic ginger glacier globe grape guitar hammer harbour harvest hazel heron honey island ivory
    jacket jasmine juniper kettle kitchen ladder lagoon lamp lantern lemon lilac linen lobster maple marble meadow
    melon mitten morning mountain nectar needle nutmeg oak oasis ocean olive onion orange orchard otter paddle
    paper parsley peach pebble pepper piano pillow planet plum pocket pony potato pumpkin puzzle rabbit radish
    rainbow raven ribbon river robin rocket saddle saffron salmon sandal saturn scarf seal shadow shell silver
    spinach spruce squirrel stone summer sunflower swallow table thistle thunder tiger timber tomato tulip turtle
    umbrella valley velvet violet violin walnut water willow window winter wool yellow zebra
    """
WORDS: tuple[str, ...] = tuple(_ALL.split())
