package io.tidemark.client.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tidemark.core.document.Gzip;
import java.io.IOException;
import org.redisson.client.codec.BaseCodec;
import org.redisson.client.protocol.Decoder;
import org.redisson.client.protocol.Encoder;

/** Texts as UTF-8, compressed ones too, and bytes as they are; what comes back is text. Thread-safe. */
final class ValueCodec extends BaseCodec {
    static final ValueCodec INSTANCE = new ValueCodec();

    /** What a Redis string can hold, uncompressed. */
    private static final int MOST = 512 << 20;

    private static final Encoder ENCODER = value -> Unpooled.wrappedBuffer(
            value instanceof byte[] bytes ? bytes : value.toString().getBytes(UTF_8));
    private static final Decoder<Object> DECODER = (buffer, state) -> text(buffer);

    private ValueCodec() {}

    @Override
    public Decoder<Object> getValueDecoder() {
        return DECODER;
    }

    @Override
    public Encoder getValueEncoder() {
        return ENCODER;
    }

    private static String text(ByteBuf buffer) throws IOException {
        byte[] bytes = ByteBufUtil.getBytes(buffer);
        return new String(
                Gzip.expand(bytes, MOST).orElseThrow(() -> new IOException("found a compressed value that is broken")),
                UTF_8);
    }
}
