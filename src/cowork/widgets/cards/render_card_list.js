// What draws a list of cards. It stands apart, so that other components can build on `CardList`.

import { CardList } from "./card_list.js";

/** @import { CardListTraits, View } from "../types.js" */

export default {
  /** @param {View<CardListTraits>} view */
  render(view) {
    new CardList(view);
  },
};
