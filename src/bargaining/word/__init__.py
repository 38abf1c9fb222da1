"""Word: all that is known of WordprocessingML.

`file` opens a document and reads its paragraphs, numbers and marks, `reader` makes a paper of it,
and `writer` writes redlines and copies.
"""
