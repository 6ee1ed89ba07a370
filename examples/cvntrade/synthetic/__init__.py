"""A small made-up deployment of five cryptos, and its somewhat bad week. All of it is drawn from fixed seeds."""
