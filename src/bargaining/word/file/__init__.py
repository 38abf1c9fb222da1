"""Word documents: the package, its paragraphs, their numbers, and both readings of their marks.

Strategy: `package` opens the zip and holds it to limits; `story` walks everything that a document
says, paragraph by paragraph, and knows of each character who inserted or struck it; `numbering`
computes the numbers that Word shows; `views` reads the document with all marks accepted, and with
all rejected. Readers read papers through it, writers write redlines into it, and the gate reads
what was written.

This package needs lxml (`pip install bargaining[docx]`). It knows WordprocessingML (ECMA-376,
part 1, section 17) and nothing of papers, ladders or chains.
"""
