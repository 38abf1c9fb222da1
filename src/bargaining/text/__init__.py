"""Text: visible characters, words, and which clause every word stands in.

`spelling` has one form for all the ways to write the same, `words` cuts a text in words and
sentences, `align` tells which word of one text is which of another, `clauses` and `structure` give
every word its address, and `addresses` knows which clause a person means who writes one.
"""
