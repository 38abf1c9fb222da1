"""The record: one file that holds every paper, append-only, each entry hashed to the one before.

Strategy: `journal` is what is hashed, `database` is the file, `filing` is what a paper is filed as,
`chains` is what the journal says of each document, `store` puts them together as `Record`.
"""

from bargaining.record.filing import Reading, Submission, prepare
from bargaining.record.folder import FolderShelf
from bargaining.record.store import Filed, Record, Verification

__all__ = ["Filed", "FolderShelf", "Reading", "Record", "Submission", "Verification", "prepare"]
