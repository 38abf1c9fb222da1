"""Word redlines: a redline as tracked changes, in the document's own clothes or in plain ones.

Strategy: `clean` makes a plain document of a text; `dress` writes the marks of a redline into a
clean document, whoever made that; `gate` reads what was written and lets it pass only if accepting
all gives the newer text and rejecting all the older one, exactly. What does not pass is not
written.
"""
