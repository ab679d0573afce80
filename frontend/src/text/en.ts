// Every text a person reads, as functions. Components hold none.
export const m = {
  app: () => "Trestle",
};
