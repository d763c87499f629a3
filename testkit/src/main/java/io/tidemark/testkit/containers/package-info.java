/** PostgreSQL, Kafka and Redis in containers, by Testcontainers, where a Docker engine is found. */
@NullMarked
package io.tidemark.testkit.containers;

import org.jspecify.annotations.NullMarked;
