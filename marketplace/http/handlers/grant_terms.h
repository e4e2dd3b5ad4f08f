#pragma once
/// What the authority decides with a grant, as a request states it.
#include <nlohmann/json_fwd.hpp>

#include "marketplace/app/contract_service.h"
#include "marketplace/http/schema.h"

namespace pdx::http {

/// The short form of an operation; privacy/operation.h.
Schema operation_schema();

const Schema& grant_schema();
/// Requires: the body satisfies grant_schema(). Throws: kInvalid `policy.step`,
/// `fingerprint.form`; as privacy::check_mark_plan() and check_canary_plan().
app::GrantTerms grant_terms_of(const nlohmann::json& body);

}  // namespace pdx::http
