/** A PostgreSQL server as a child process on a data directory. */
@NullMarked
package io.tidemark.testkit.postgres;

import org.jspecify.annotations.NullMarked;
