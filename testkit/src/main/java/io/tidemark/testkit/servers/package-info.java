/** PostgreSQL, Kafka and Redis for tests, shared by all tests of a JVM. */
@NullMarked
package io.tidemark.testkit.servers;

import org.jspecify.annotations.NullMarked;
