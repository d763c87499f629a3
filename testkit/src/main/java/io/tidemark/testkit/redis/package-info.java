/** A Redis server as a child process on a data directory, and the wire protocol to talk to one. */
@NullMarked
package io.tidemark.testkit.redis;

import org.jspecify.annotations.NullMarked;
