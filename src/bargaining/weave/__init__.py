"""The weave: every word ever on file, once, with its life.

`strands` holds the words, `recall` and `odds` recognise what was struck when it comes back,
`weaver` weaves text after text, `woven` says what the states of a chain mean, and `cache` keeps
what was worked out.
"""
