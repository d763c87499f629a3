package io.tidemark.cachewriter.apply;

/**
 * One partition of a topic.
 *
 * @param topic the topic's name
 * @param number the partition's number
 */
public record Partition(String topic, int number) {

    @Override
    public String toString() {
        return topic + "-" + number;
    }
}
