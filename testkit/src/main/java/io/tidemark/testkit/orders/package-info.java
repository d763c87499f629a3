/** A paged order API to sync against, with that API's limits and moods, and a ledger of what it handed out. */
@NullMarked
package io.tidemark.testkit.orders;

import org.jspecify.annotations.NullMarked;
