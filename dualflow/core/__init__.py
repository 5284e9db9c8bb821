"""The contract: what a card is, what a mistake says, where it was, and who carries an op out."""
