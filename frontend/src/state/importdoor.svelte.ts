/** Where the import of time is open: the contract it was opened from, "" for none, undefined where it is closed. */
class ImportDoor {
  contract = $state<string>();

  /** Opens it, from a contract or from none. */
  open(contract = "") {
    this.contract = contract;
  }
  close() {
    this.contract = undefined;
  }
}

export const importDoor = new ImportDoor();
