"""What only an answer settles, by subject.

:mod:`eligibility.reading.statements` goes through the tokens: :mod:`.consents` and :mod:`.contraception` are fields of
the profile, :mod:`.relatives` are other people; :mod:`.endings` tells where a statement ends, and :mod:`.facts` makes
a token of it.
"""
