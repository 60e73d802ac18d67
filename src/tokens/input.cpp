// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include "chatvim/tokens/tokens.hpp"

namespace chatvim::tokens {
namespace {

constexpr std::size_t kPerMessage = 4;  // the role, and the start and end of a message
constexpr std::size_t kPerRequest = 3;  // the start of the answer

/// Assumed side in pixels of a picture whose size is unknown.
constexpr int kCommonSide = 1024;

struct PictureRule {
  double patch;      ///< side of a patch, in pixels
  double long_side;  ///< larger pictures are scaled down to this, in pixels
  double per_patch;  ///< tokens
  double most;       ///< maximum number of patches
};
constexpr double kNoLimit = 1e9;
constexpr PictureRule kAnthropic{28, 2000, 1, 4784};
constexpr PictureRule kOpenAi{32, kNoLimit, 1.2, 10000};

constexpr std::size_t kBytesPerPage = 50'000;
constexpr std::size_t kTokensPerPage = 2000;
constexpr std::size_t kMostPages = 600;

/// Returns the tokens of a picture or PDF; 0 for text.
std::size_t media_tokens(const document::Part& part, Api api) {
  switch (part.kind) {
    case document::Part::Kind::kPicture:
      return picture_tokens(part.width, part.height, api);
    case document::Part::Kind::kPdf:
      return pdf_tokens(part.bytes ? part.bytes->size() : 0);
    case document::Part::Kind::kText:
      break;
  }
  return 0;
}

/// Returns running totals of the tokens of a message's pictures and PDFs, starting with 0, so there
/// is one more entry than there are attachments.
std::vector<std::size_t> count_media(const document::Message& message, Api api) {
  std::vector<std::size_t> counts{0};
  for (const document::Part& part : message.parts) {
    if (part.kind == document::Part::Kind::kText) continue;
    counts.push_back(counts.back() + media_tokens(part, api));
  }
  return counts;
}

/// Returns the tokens of the text that is sent instead of the message's content.
std::size_t text_of_parts(const document::Message& message) {
  std::size_t tokens = 0;
  for (const document::Part& part : message.parts) {
    if (part.kind == document::Part::Kind::kText) tokens += estimate_tokens(part.text);
  }
  return tokens;
}

/// Returns the tokens of the calls in an answer, and of their results. States are left out: nobody
/// says how they are counted.
std::size_t tokens_of_calls(const document::Message& message) {
  std::size_t tokens = 0;
  for (const document::AnswerPart& part : message.answer) {
    if (part.kind != document::AnswerPart::Kind::kCall) continue;
    tokens += 2 * kPerMessage + estimate_tokens(part.call.tool) +
              estimate_tokens(part.call.arguments) + estimate_tokens(part.call.result);
  }
  return tokens;
}

/// Adds a message, and the stretches in it, to an estimate.
void add_message(StretchEstimate& estimate, const document::Message& message,
                 std::span<const document::Stretch> stretches, Api api) {
  const bool has_parts = !message.parts.empty();
  estimate.whole.text += tokens_of_calls(message);
  if (stretches.empty() && !has_parts) {
    estimate.whole.text += estimate_tokens(message.content);
    return;
  }
  std::vector<std::size_t> ends;
  for (const document::Stretch& stretch : stretches) {
    ends.insert(ends.end(), {stretch.offset, stretch.offset + stretch.size});
  }
  // If there are parts, the total for the content is not needed.
  if (!has_parts) ends.push_back(message.content.size());
  const auto counts = estimate_tokens(message.content, ends);
  const auto media = count_media(message, api);
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    const auto last = std::min(stretches[i].end_media, media.size() - 1);
    const auto first = std::min(stretches[i].first_media, last);
    estimate.stretches.push_back({counts[2 * i + 1] - counts[2 * i], media[last] - media[first]});
  }
  estimate.whole.text += has_parts ? text_of_parts(message) : counts.back();
  estimate.whole.attached += media.back();
}

}  // namespace

std::size_t picture_tokens(int width, int height, Api api) {
  if (width <= 0 || height <= 0) width = height = kCommonSide;
  const PictureRule& rule = api == Api::kMessages ? kAnthropic : kOpenAi;
  const double scale = std::min(1.0, rule.long_side / std::max(width, height));
  const double patches =
      std::ceil(width * scale / rule.patch) * std::ceil(height * scale / rule.patch);
  return static_cast<std::size_t>(std::lround(std::min(patches, rule.most) * rule.per_patch));
}

std::size_t pdf_tokens(std::size_t bytes) {
  return std::clamp<std::size_t>(bytes / kBytesPerPage, 1, kMostPages) * kTokensPerPage;
}

InputEstimate estimate_input(std::span<const document::Message> messages, Api api) {
  return estimate_input(messages, {}, api).whole;
}

StretchEstimate estimate_input(std::span<const document::Message> messages,
                               std::span<const document::Stretch> stretches, Api api) {
  StretchEstimate estimate;
  estimate.whole.text = kPerRequest;
  estimate.stretches.reserve(stretches.size());
  std::size_t done = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::size_t first = done;
    while (done < stretches.size() && stretches[done].message == i) ++done;
    estimate.whole.text += kPerMessage;
    add_message(estimate, messages[i], stretches.subspan(first, done - first), api);
  }
  return estimate;
}

}  // namespace chatvim::tokens
