#pragma once
/// For the few use cases that need more than one command because something slow or outside lies
/// between them (masking a file, instructing a bank). The last command carries the caller's
/// Idempotency-Key, so that its answer is the one that is repeated.
#include <optional>

#include "base/error.h"
#include "marketplace/app/context.h"

namespace pdx::app {

/// True when this key was used, whatever for.
bool was_answered(Context& context, const WriteRequest& write);

/// What this request was answered with before; absent when it is new.
/// Throws: the refusal, when it was refused; kInvalid "idempotency.key_reused".
std::optional<Outcome> answered_before(Context& context, const WriteRequest& write);

/// The key of the first command, derived from the caller's: a second request that comes while the
/// first is under way replays it and thereby learns that there is another.
std::optional<IdempotencyKey> first_stage_key(const WriteRequest& write);

/// Keeps a refusal that arose between the commands, so that it stays refused for its key.
void keep_refusal(Context& context, const WriteRequest& write, const Error& error);

}  // namespace pdx::app
