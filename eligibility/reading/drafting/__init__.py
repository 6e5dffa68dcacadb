"""A noun phrase -> the draft of its rule, by what it names.

:mod:`eligibility.reading.nouns` sorts the phrases: :mod:`.conditions`, :mod:`.treatments`, :mod:`.allergies`,
:mod:`.findings`, :mod:`.people`. :mod:`.concepts` makes concepts of names, :mod:`.beside_names` fields of what stands
beside them.
"""
