"""The parts of the composer, in the order in which a sentence goes through them.

:mod:`.lists` takes a list: :mod:`.items` sorts what stands in each element, :mod:`.spreading` gives each what the list
says once (:mod:`.sharing`), or says of one and may mean of others (:mod:`.doubting`), :mod:`.building` makes drafts of
them (:mod:`.facts`, :mod:`.groups`), and :mod:`.joining` joins these, by what is denied (:mod:`.denying`) and what
stands between them (:mod:`.connecting`). :mod:`.tails` folds over it what follows: for whom and what for
(:mod:`.purposes`), what is taken out (:mod:`.excepted`, and in parentheses :mod:`.behind_lists`) or denied
(:mod:`.absences`), examples, definitions, labels, requirements, permissions. What needs the composer again, since a
sentence may stand in a sentence, gets it as :class:`.terms.Composing`.

Words that no phrase takes are told by what they are: :mod:`.open_phrases` and :mod:`.attribute_phrases` say how plain
they are, :mod:`.judgements`, :mod:`.predicates` and :mod:`.circumstances` what they tell; :mod:`.unknowns` makes drafts
of them, :mod:`.qualifying` attributes of the fact that they stand beside.
"""
