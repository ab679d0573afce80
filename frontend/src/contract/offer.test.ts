import { expect, test } from "vitest";

import {
  emptyOffer,
  forgetOffer,
  isOffer,
  keepOffer,
  type OfferForm,
  openOffer,
  readOffer,
} from "./offer";

const good: OfferForm = {
  ...emptyOffer(true),
  title: " Trails ",
  rate: "52.5",
  shots: "blurred",
  codes: [
    { key: "1", code: " Map ", about: "Maps" },
    { key: "2", code: "", about: "" },
  ],
};

test("W-33: an offer is read as it will be sent", () => {
  expect(readOffer(good, "id")).toEqual({
    id: "id",
    title: "Trails",
    about: "",
    terms: {
      rate: 5250,
      currency: "EUR",
      limit: 144000,
      requireActivity: false,
      shots: "blurred",
      idleMinutes: 10,
      manual: false,
      segments: false,
    },
    activities: [
      { contract: "id", id: "", code: "Map", about: "Maps", archived: false },
    ],
    email: "",
    self: false,
  });
});

test("T-08: no screenshot policy is preset", () => {
  expect(emptyOffer(true).shots).toBe("");
  expect(emptyOffer(false).invite).toBe("self");
});

test.each<[Partial<OfferForm>, string]>([
  [{ title: " " }, "title"],
  [{ rate: "" }, "rate"],
  [{ rate: "0" }, "rate"],
  [{ rate: "1.005" }, "rate"],
  [{ rate: "abc" }, "rate"],
  [{ hours: "0" }, "hours"],
  [{ hours: "169" }, "hours"],
  [{ hours: "7.5" }, "hours"],
  [{ shots: "" }, "shots"],
  [{ invite: "email", email: "nobody" }, "email"],
  [{ codes: [{ key: "k", code: "", about: "x" }] }, "k"],
  [
    {
      codes: [
        { key: "j", code: "Map", about: "" },
        { key: "k", code: "mAP ", about: "" },
      ],
    },
    "k",
  ],
])("%j is refused beside %s", (change, field) => {
  const read = readOffer({ ...good, ...change }, "id");
  expect(isOffer(read)).toBe(false);
  expect(Object.keys(read)).toEqual([field]);
});

test("no limit sends none, and its hours are not asked for", () => {
  expect(readOffer({ ...good, limited: false, hours: "" }, "id")).toMatchObject(
    { terms: { limit: 0 } },
  );
});

test("W-33: a form that was closed opens again as it was, until it is sent", () => {
  const empty = { id: "new", form: emptyOffer(true) };
  keepOffer("me", true, "id", emptyOffer(true));
  expect(openOffer("me", true, "new")).toEqual(empty);
  keepOffer("me", true, "id", good);
  expect(openOffer("me", true, "new")).toEqual({ id: "id", form: good });
  expect(openOffer("me", false, "new").form.invite).toBe("self");
  expect(openOffer("other", true, "new")).toEqual(empty);
  forgetOffer();
  expect(openOffer("me", true, "new")).toEqual(empty);
});
