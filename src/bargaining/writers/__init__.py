"""Writers: answers as people and programs read them. None of them prints or decides."""
