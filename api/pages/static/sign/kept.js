// @ts-check
/**
 * What a browser keeps of a person, in IndexedDB: which keys are his here, and the receipts of what he handed in.
 *
 * A browser key lies here as a handle that signs and cannot be taken out, not even by the page's own scripts. Of a passkey
 * only its name is kept. A reader who clears this storage loses browser keys for good; passkeys stay with the device.
 */

const NAME = "mingzhang";
const STORES = ["keys", "receipts"];

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => STORES.forEach((store) => asked.result.createObjectStore(store, { keyPath: "id" }));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/**
 * @template T
 * @param {string} store
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} act
 * @returns {Promise<T>}
 */
async function within(store, mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const asked = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/**
 * @param {"keys" | "receipts"} store
 * @param {{id: string, ledger: string}} value
 */
export async function keep(store, value) {
  await within(store, "readwrite", (held) => held.put(value));
}

/**
 * @param {"keys" | "receipts"} store
 * @param {string} ledger
 * @returns {Promise<any[]>} what is kept of this ledger, the newest last
 */
export async function all(store, ledger) {
  const found = await within(store, "readonly", (held) => held.getAll());
  return found.filter((one) => one.ledger === ledger).sort((a, b) => a.made - b.made);
}

/**
 * @param {"keys" | "receipts"} store
 * @param {string} id
 */
export async function forget(store, id) {
  await within(store, "readwrite", (held) => held.delete(id));
}
