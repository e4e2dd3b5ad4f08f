#include "tests/support/store_batch.h"

#include <utility>

#include "ledger/checkpoint.h"
#include "ledger/merkle.h"

namespace pdx::test {

std::vector<ledger::SequencedEntry> store_batch(ledger::LogStore& log, ledger::Appender& appender,
                                                std::vector<ledger::Entry> entries,
                                                const ledger::NoteSigner* signer) {
    const ledger::TreeHead from = log.head().value();
    std::vector<ledger::SequencedEntry> stored;
    for (ledger::Entry& entry : entries) {
        Bytes bytes = ledger::encode_entry(entry);
        const Digest leaf = ledger::leaf_hash(bytes);
        appender.append(leaf);
        stored.push_back({std::move(entry), std::move(bytes), leaf});
    }
    ledger::PostingList unlisted = log.load_unlisted(from.size);
    log.put_entries(from.size, stored);
    for (std::size_t i = 0; i < stored.size(); ++i) unlisted.add(from.size + i, stored[i].entry);
    log.put_postings(unlisted.take(from.size + stored.size()));
    const ledger::SealedBatch batch = appender.seal();
    log.put_tiles(batch.tiles);
    log.advance(from, {batch.size, batch.root, from.epoch});
    if (signer != nullptr) {
        log.put_checkpoint(
            {batch.size, batch.root,
             ledger::sign_checkpoint({log.log(), batch.size, batch.root, {}}, *signer)});
    }
    return stored;
}

}  // namespace pdx::test
