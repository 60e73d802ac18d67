-- SPDX-License-Identifier: Apache-2.0
-- Defines the highlight groups, and highlights delimiter lines by role or draws them as rules
-- across the window. Also highlights reasoning and tool calls in the text.
local M = {}

local api = vim.api
local outline = require("chatvim.chat.outline")
local screen = require("chatvim.view.screen")
local state = require("chatvim.chat.state")
local namespace = api.nvim_create_namespace("chatvim.highlight")

--- The groups and their default links.
---@type { name: string, link: string }[]
M.groups = {
  { name = "ChatvimUser", link = "Title" },
  { name = "ChatvimAssistant", link = "Identifier" },
  { name = "ChatvimSystem", link = "String" },
  { name = "ChatvimProgress", link = "Comment" },
  { name = "ChatvimReasoning", link = "Comment" },
  { name = "ChatvimStep", link = "Comment" },
  { name = "ChatvimStepError", link = "DiagnosticError" },
  { name = "ChatvimStepRefused", link = "DiagnosticWarn" },
  { name = "ChatvimStepCut", link = "DiagnosticWarn" },
  { name = "ChatvimState", link = "Comment" },
  { name = "ChatvimFailure", link = "DiagnosticError" },
  { name = "ChatvimUsage", link = "Comment" },
  { name = "ChatvimEmbed", link = "Comment" },
  { name = "ChatvimEmbedError", link = "DiagnosticError" },
  { name = "ChatvimOld", link = "Comment" },
  { name = "ChatvimAdded", link = "DiffAdd" },
  { name = "ChatvimReview", link = "NonText" },
  { name = "ChatvimConflict", link = "DiagnosticWarn" },
}

--- The groups of the words after a call that did not succeed.
local OUTCOMES =
  { error = "ChatvimStepError", refused = "ChatvimStepRefused", cut = "ChatvimStepCut" }
local GROUPS = { user = "ChatvimUser", assistant = "ChatvimAssistant", system = "ChatvimSystem" }
--- The length of the line before the role in a rule, in cells.
local LEAD = 2

local ready = false

--- The window that is being drawn.
---@class chatvim.Highlight.Drawn
---@field rules boolean
---@field width integer cells of its text area
---@field raw integer a row that is shown without a rule; -1: none
---@field folded table<integer, true> first rows of its closed folds

---@type chatvim.Highlight.Drawn
local drawn = { rules = false, width = 0, raw = -1, folded = {} }

--- Redraws the cursor's line, which has no rule in insert mode because it would hide typed text.
---@param chat chatvim.Chat
local function redraw_cursor_line(chat)
  if chat.highlight and chat.highlight.rules then
    screen.redraw(chat.buf, api.nvim_win_get_cursor(0)[1] - 1)
  end
end

state.on("InsertEnter", redraw_cursor_line)
state.on("InsertLeave", redraw_cursor_line)

--- Starts highlighting a buffer as a chat, or applies changed options.
---@param buf integer
function M.attach(buf)
  M.define()
  local rules = require("chatvim.config").get().rules
  local chat = state.attach(buf)
  if chat.highlight then
    if chat.highlight.rules ~= rules then
      chat.highlight.rules = rules
      screen.redraw(buf)
    end
    return
  end
  chat.highlight = { rules = rules }
  outline.follow(buf)
  screen.redraw(buf)
end

state.on("outline", function(chat, _, _, changed, blocks)
  -- Lines with unchanged text may now be inside or outside a block.
  if chat.highlight and (changed or blocks) then
    screen.redraw(chat.buf)
  end
end)

--- Whether a buffer is highlighted as a chat.
---@param buf integer
---@return boolean
function M.is_attached(buf)
  local chat = state.find(buf)
  return chat ~= nil and chat.highlight ~= nil
end

local function link()
  for _, group in ipairs(M.groups) do
    api.nvim_set_hl(0, group.name, { link = group.link, default = true })
  end
end

--- Finds the closed folds of the current window, which show 'foldtext' instead.
---@param first integer
---@param last integer
local function find_folded(first, last)
  local line = first + 1
  while line <= last + 1 do
    local start = vim.fn.foldclosed(line)
    if start ~= -1 then
      drawn.folded[start - 1] = true
      line = vim.fn.foldclosedend(line)
    end
    line = line + 1
  end
end

--- Prepares the rules of a window. Returns false if it does not show a chat.
---@param win integer
---@param buf integer
---@param first integer
---@param last integer
---@return boolean? draws false: do not call `on_line`
local function on_win(_, win, buf, first, last)
  local chat = state.find(buf)
  if not chat or not chat.highlight then
    return false
  end
  drawn.rules = chat.highlight.rules
  if drawn.rules then
    local info = vim.fn.getwininfo(win)[1]
    drawn.width = info.width - info.textoff
    local current = win == api.nvim_get_current_win()
    local typing = current and api.nvim_get_mode().mode:find("^[iR]")
    drawn.raw = typing and api.nvim_win_get_cursor(win)[1] - 1 or -1
    drawn.folded = {}
    if current then
      find_folded(first, last)
    elseif vim.wo[win].foldenable then
      api.nvim_win_call(win, function()
        find_folded(first, last)
      end)
    end
  end
end

---@param buf integer
---@param row integer
---@param group string
local function mark(buf, row, group)
  api.nvim_buf_set_extmark(buf, namespace, row, 0, {
    end_row = row + 1,
    hl_group = group,
    ephemeral = true,
    strict = false,
  })
end

--- Draws a rule over a delimiter, unless it is in a closed fold or so long that it wraps.
---@param buf integer
---@param row integer
---@param role "user"|"assistant"|"system"
local function draw_rule(buf, row, role)
  local text = api.nvim_buf_get_lines(buf, row, row + 1, true)[1]
  if api.nvim_strwidth(text) > drawn.width or drawn.folded[row] then
    return
  end
  local model = role == "assistant" and outline.model(buf)
  api.nvim_buf_set_extmark(buf, namespace, row, 0, {
    virt_text = { { M.rule(role, model or nil, drawn.width), GROUPS[role] } },
    virt_text_win_col = 0,
    -- The delimiter below may be partly highlighted as a markdown heading.
    hl_mode = "replace",
    ephemeral = true,
  })
end

--- Highlights a line of a tool call or a state. The text of a state is concealed, as far as the
--- user's 'conceallevel' allows.
---@param buf integer
---@param row integer
---@param step chatvim.Outline.Step
local function mark_step(buf, row, step)
  local result = step.result
  if step.kind == "state" then
    mark(buf, row, "ChatvimState")
    if row > step.first and row < step.last then
      local text = api.nvim_buf_get_lines(buf, row, row + 1, true)[1]
      api.nvim_buf_set_extmark(buf, namespace, row, 0, {
        end_col = #text,
        conceal = "",
        ephemeral = true,
      })
    end
  elseif row == step.first or row == step.last then
    mark(buf, row, "ChatvimStep")
  elseif result and row == result.first and OUTCOMES[step.outcome] then
    local text = api.nvim_buf_get_lines(buf, row, row + 1, true)[1]
    local start, stop = text:find(step.outcome --[[@as string]], 1, true)
    api.nvim_buf_set_extmark(buf, namespace, row, start - 1, {
      end_col = stop,
      hl_group = OUTCOMES[step.outcome],
      ephemeral = true,
    })
  end
end

---@param buf integer
---@param row integer
local function on_line(_, _, buf, row)
  local message = outline.at(buf, row)
  if not message then
    return
  end
  if row == message.delimiter then
    mark(buf, row, GROUPS[message.role])
    if drawn.rules and row ~= drawn.raw then
      draw_rule(buf, row, message.role)
    end
    return
  end
  local block = outline.reasoning(buf, row)
  if block and row >= block.first and row <= block.last then
    mark(buf, row, "ChatvimReasoning")
    return
  end
  local step = outline.step(buf, row)
  if step then
    mark_step(buf, row, step)
  end
end

--- Defines the groups once, and again whenever a colour scheme has cleared them.
function M.define()
  if ready then
    return
  end
  ready = true
  link()
  api.nvim_create_autocmd("ColorScheme", {
    group = api.nvim_create_augroup("chatvim.highlight", {}),
    desc = "Chatvim: link the highlight groups again",
    callback = link,
  })
  -- Only lines on the screen are highlighted, so that a long chat costs no more.
  api.nvim_set_decoration_provider(namespace, { on_win = on_win, on_line = on_line })
end

--- Returns the text of a rule: the role, the model if it is known and fits, and a line to the edge
--- of the window.
---@param role string
---@param model? string
---@param width integer cells
---@return string
function M.rule(role, model, width)
  local line = "─"
  local cell = api.nvim_strwidth(line)
  local lead = line:rep(LEAD) .. " "
  local name = model and ("%s · %s"):format(role, require("chatvim.view.printable").name(model))
    or role
  if LEAD * cell + 2 + api.nvim_strwidth(name) > width then
    name = role
  end
  local text = lead .. name .. " "
  return text .. line:rep(math.max(math.floor((width - api.nvim_strwidth(text)) / cell), 0))
end

return M
