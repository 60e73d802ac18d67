// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "chatvim/provider/tokens.hpp"

namespace chatvim::provider {
namespace {

constexpr std::size_t kPerMessage = 4;  // who speaks, and where a message begins and ends
constexpr std::size_t kPerRequest = 3;  // where the answer begins

/// A picture whose size is not known is taken for one of 1024 by 1024 pixels.
constexpr int kCommonSide = 1024;

struct PictureRule {
  double patch;      ///< side of a patch in pixels
  double long_side;  ///< a larger picture is scaled down to this
  double per_patch;  ///< tokens
  double most;       ///< patches
};
constexpr double kNoLimit = 1e9;
constexpr PictureRule kAnthropic{28, 2000, 1, 4784};
constexpr PictureRule kOpenAi{32, kNoLimit, 1.2, 10000};

constexpr std::size_t kBytesPerPage = 50'000;
constexpr std::size_t kTokensPerPage = 2000;
constexpr std::size_t kMostPages = 600;

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
  InputEstimate estimate;
  estimate.text = kPerRequest;
  for (const document::Message& message : messages) {
    estimate.text += kPerMessage;
    if (message.parts.empty()) estimate.text += estimate_tokens(message.content);
    for (const document::Part& part : message.parts) {
      switch (part.kind) {
        case document::Part::Kind::kText:
          estimate.text += estimate_tokens(part.text);
          break;
        case document::Part::Kind::kPicture:
          estimate.attached += picture_tokens(part.width, part.height, api);
          break;
        case document::Part::Kind::kPdf:
          estimate.attached += pdf_tokens(part.bytes ? part.bytes->size() : 0);
          break;
      }
    }
  }
  return estimate;
}

}  // namespace chatvim::provider
