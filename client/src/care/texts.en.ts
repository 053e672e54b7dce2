/** What is said beside heavy words, in English. */
export const en = {
  careForWriter: "Your words have gone out. One more thing, if you like:",
  careToWriter:
    "What you wrote sounds heavy to carry. Nothing happens to you for writing it. There are people who listen to exactly this, and no reason is too small.",
  careForReader: "This sounds heavy. Whom one can turn to",
  careToReader:
    "You need not solve it. That you read it, and answer plainly, is a good deal. And there are people who can do more, for them and for you:",
  careLead:
    "There are people who listen when it gets too much, at night too in many places. You need no reason that is good enough.",
  careWhere: "Where you are",
  careElsewhere: "Somewhere else",
  careGuess: "Guessed in this browser from its clock. It is sent nowhere and kept nowhere.",
  careDanger: "If somebody is in danger right now: the emergency number of where you are.",
  careAway: "Put this away",
};
