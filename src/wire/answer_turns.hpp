// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "call_ids.hpp"
#include "chatvim/document/message.hpp"
#include "encoder_turns.hpp"

namespace chatvim::wire {

/// Adds the turns of an answer with calls. A step is one turn: everything from the end of the step
/// before it to its last call; a turn with the results follows. What comes after the last call is a
/// turn of its own. Steps are told apart by a change of their number, whatever the numbers are.
///
/// The items of a state stand for the part of the answer before it. If one of them stands for text,
/// the text right before the state takes its place; else that text comes before the items.
/// Reasoning is only sent together with what followed it, because providers reject either without
/// the other.
void add_answer(Turns& out, std::span<const document::AnswerPart> parts,
                const Arrangement& arrangement, CallIds& ids);

}  // namespace chatvim::wire
