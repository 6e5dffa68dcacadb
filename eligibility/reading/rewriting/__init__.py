"""Tokens -> tokens: what the lexer leaves apart, or cannot know, said in the tokens that the grammars take.

Of the whole text: :mod:`.abbreviations`, :mod:`.compounds`, :mod:`.attributes`. Of each sentence, before its numbers
are read: :mod:`.beside_numbers`, :mod:`.treatment_attributes`, :mod:`.cleaning` (with :mod:`.appositions`,
:mod:`.people`, :mod:`.evidence`), :mod:`.test_results`, :mod:`.merging` (with :mod:`.allergies`, :mod:`.courses`),
:mod:`.ellipsis`, :mod:`.requirements`. Behind these, when limits and windows are there: :mod:`.limits_by_sex`,
:mod:`.implied`, :mod:`.counting`, :mod:`.alternative_windows`, :mod:`.ages`, :mod:`.limits_of_some`,
:mod:`.permissions`.
"""
