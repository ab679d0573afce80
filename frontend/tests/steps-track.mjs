export async function track() {}
