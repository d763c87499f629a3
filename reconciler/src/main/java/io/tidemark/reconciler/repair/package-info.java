/** Has what differs repaired, and looks whether it was. */
@NullMarked
package io.tidemark.reconciler.repair;

import org.jspecify.annotations.NullMarked;
