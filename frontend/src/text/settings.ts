// The words of Settings: the list beside it, and the sections that are no screen of their own.
export const s = {
  settings: () => "Settings",
  find: () => "Find a setting",
  nothing: (typed: string) => `No setting is called “${typed}”.`,
  group: (id: "you" | "messages" | "work" | "computer") =>
    ({
      you: "You",
      messages: "Messages",
      work: "Work",
      computer: "This computer",
    })[id],
  savedAtOnce: () => "Changes are saved as you make them",

  account: () => "Account",
  accountLead: () => "Who you are here.",
  accountWords: () => "name e-mail service sign out",
  notifications: () => "Notifications",
  notificationsLead: () => "What may interrupt you, and where.",
  notificationsWords: () =>
    "notices desktop quiet hours how often mentions offers hide text badge rooms test",
  writing: () => "Writing",
  writingLead: () => "How the box under a room behaves.",
  writingWords: () => "enter sends composer",
  appearance: () => "Appearance",
  appearanceLead: () => "How Trestle looks on this computer.",
  appearanceWords: () => "theme light dark zoom",
  storageWords: () => "folder backup export disk",
  about: () => "About Trestle",
  aboutWords: () => "version licences counting",
};
