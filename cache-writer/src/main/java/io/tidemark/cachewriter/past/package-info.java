/** What stands in the topics of changes, read without a consumer group and newest first. Knows no Kafka. */
@NullMarked
package io.tidemark.cachewriter.past;

import org.jspecify.annotations.NullMarked;
