/** What is done with what, and what this is, in English. */
export const en = {
  aboutWhat:
    "Driftsea is a beach for strangers. You throw a bottle, somebody catches it, and if they answer, the two of you can write. Nobody signs up.",
  forget: "Forget me",
  forgetHint:
    "Erases your bottles, your words in letters, rooms and the old tree, and your key, here and on the server. Your circle is left. Secrets that you told and your ask box stay as nobody’s: nothing there says that they are yours, so delete them first, at the river. One thing stays with this browser, a key that says nothing about you: whoever was kept apart from you, by you or by them, stays apart.",
  forgetSure: "Yes, forget me for good",
  firstThrowAge:
    "With this throw you say that you are {age} or older. A stranger will read it: no threats, nothing sexual, no ads, nobody’s name or number.",
  firstThrow:
    "A stranger will read this, and may have waited for it. No threats, nothing sexual, no ads, nobody’s name or number.",
  rulesLead:
    "This is written out of the settings of the server that you are on. Another Driftsea may have others.",
  rulesAgreed:
    "You have thrown under these rules. Take that back, and they are said again with your next throw.",
  rulesTakeBack: "Take that back",
  rulesWho: "Who it is for",
  saysAge: "For people of {age} and older. Nobody has to prove it, and nothing is stored about it.",
  saysNoAge: "This server names no lowest age.",
  saysNotHere:
    "Not here: threats, hatred, sexual offers, anything sexual about children, advertising, other people’s names, numbers and addresses.",
  rulesWords: "What you write, and how long it stays",
  saysBottle:
    "A bottle drifts for {life}, unless you choose another time, and is remembered for {after} after its end.",
  saysThrows: "{throws} throws and {catches} catches in 24 hours.",
  saysLease: "Who catches a bottle has {lease} to answer, longer while writing. Then it drifts on.",
  saysSea: "A sea is wiped for everybody when nobody throws into it for {silence}.",
  saysThread: "Letters between two stay for {life} after the last one.",
  saysRoom:
    "A room lives for {life} at most, and for {idle} where each message begins its time again. It keeps its newest {backlog} messages. With its end, all of it is deleted.",
  saysTree: "The letters in the old tree are wiped when nobody writes for {silence}.",
  saysSecret: "A secret and what was said of it stay for {life}.",
  saysSecrets: "{secrets} secrets and {comments} answers to secrets in 24 hours.",
  saysBox: "An ask box stays for {life} after its owner last looked in.",
  rulesYou: "What is known of you",
  saysKey:
    "A random key in this browser makes you you. The server keeps its fingerprint (SHA-256) and no key, until {life} after your last visit.",
  saysMasks:
    "Others see a name and a creature, drawn anew for each bottle, each conversation and each room.",
  saysCircle:
    "A secret is shown as your circle’s only where at least {k} people could have written it. Its key stays in your browser; the server keeps a fingerprint of that.",
  saysPlace:
    "Where you are is what you say yourself, out of a list. A place with fewer than {people} people is shown as what it lies in.",
  saysAddress:
    "Your address on the net is neither stored nor logged. Connections are counted in memory, under a keyed hash whose key is another every day.",
  saysBlocks:
    "Whom you block stays away from you for {life}. That list is sealed: from what is stored, nobody can read it.",
  saysNever:
    "Your name, your device, your contacts and your whereabouts are asked for nowhere. No other site is asked for anything.",
  rulesEyes: "Who can read it",
  saysReaders:
    "Those it is for: who catches the bottle, who is in the room, to whom the river carries it.",
  saysOperator:
    "Whoever runs this server could read bottles, letters, secrets, and rooms that are not encrypted. Of an encrypted room they see its title, when something is said, and roughly how long it is.",
  saysScreened:
    "Before it goes out, a text is compared with lists of words, on this server. What is found is shown to you.",
  saysClassifier:
    "Texts are also handed to a program outside of this server that judges them: the text and where it is written, and nothing about who wrote it.",
  saysNoClassifier: "No text is handed to anybody outside of this server.",
  saysNamesHeld: "A secret that names a private person waits until a moderator has looked at it.",
  saysReports:
    "What is reported is kept for {life} with its text. Of who reported it there is only a fingerprint, another for each thing.",
  saysModerators:
    "Moderators look at what is reported. They see the text and the least around it, and never who wrote it. What is removed for good takes two of them.",
  saysNoModerators:
    "This server has no moderators. What is reported is kept, but nobody is bound to look at it.",
  rulesRough: "When it gets rough",
  saysPuzzle: "Your browser solves a small puzzle before you join or throw.",
  saysPuzzleAuto:
    "When very many come at once, your browser solves a small puzzle before you join or throw.",
  saysCare:
    "Words of despair are never punished and hold nothing back. Beside them stands whom one can talk to.",
  rulesNot: "What cannot be promised",
  saysPhotograph: "Nobody can stop a photograph of a screen.",
  saysStranger: "A stranger may be anybody, and may not be what they say.",
  saysStyle: "Your own way of writing may give you away to people who know you.",
  saysDisk:
    "What is deleted can be read by nobody here any more, but may lie in logs and backups of the server’s disk for a while.",
};
