// Every text a person reads, as functions. Components hold none.
export const m = {
  app: () => "Trestle",
  close: () => "Close",
  showPassword: () => "Show the password",
  hidePassword: () => "Hide the password",
};
