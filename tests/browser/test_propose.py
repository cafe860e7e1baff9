"""From what we now see to a proposal that rests on it: two presses and its words, wherever the form stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.accessibility import axe
from support.browsers import Person, expect
from support.whole_cycle import card, go

SEEN = "We now see that nobody tells people when they can go home."


@pytest.mark.parametrize("phone", [True, False], ids=["on a phone", "at a desk"])
def test_what_we_now_see_becomes_a_proposal_with_these_words_behind_it(
    person: Callable[..., Person], phone: bool
) -> None:
    fay = person(phone=phone)
    fay.start_workshop("From here to there", name="Fay")
    go(fay, "Understanding", "What do we now see")
    fay.page.get_by_label("What we now see", exact=True).first.fill(SEEN)
    fay.button("Share what we now see").click()
    for proposal in ("Everybody is told at ten.", "Everybody is told the evening before."):
        card(fay, SEEN).get_by_role("link", name="Make a proposal from this").click()
        form = fay.page.locator(".cw-ask[data-led]")
        expect(form).to_be_focused()
        expect(form).to_have_accessible_name("Put a proposal")
        expect(form).to_be_in_viewport()
        expect(form.locator(".cw-picked")).to_contain_text(SEEN)
        expect(form.get_by_role("button", name="Use the whole text")).to_have_count(0)
        assert not axe(fay.page, proposal)
        form.get_by_label("Our proposal", exact=True).fill(proposal)
        form.get_by_role("button", name="Put forward this proposal").click()
        expect(card(fay, proposal)).to_contain_text(SEEN)
        go(fay, "Understanding", "What do we now see")
