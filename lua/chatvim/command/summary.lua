-- SPDX-License-Identifier: Apache-2.0
-- Continues a long chat in a new one that begins with the model's summary of it. The question
-- embeds the old chat; once it is answered, a link takes the embed's place, so that the old chat is
-- not sent again.
local M = {}

local api = vim.api
local links = require("chatvim.command.link")
local notify = require("chatvim.notify")
local state = require("chatvim.chat.state")

local REQUEST = "Summarize the chat below so that we can continue from your summary alone: what it "
  .. "is about, what was decided and why, names, numbers and code that are still needed, and what "
  .. "is open."

--- Returns why a chat cannot be summarized, or nil.
---@param buf integer
---@return string?
local function refusal(buf)
  local window = require("chatvim.command.window").refusal()
  local name = api.nvim_buf_get_name(buf)
  local no_chat = require("chatvim.command.front_matter").refusal(buf)
  if window or no_chat then
    return window or no_chat
  elseif name == "" or vim.bo[buf].buftype ~= "" or not vim.uv.fs_stat(name) then
    return "`:write` this chat first: the new one embeds its file"
  elseif require("chatvim.chat.running").is_running(buf) then
    return require("chatvim.chat.refusal").of_answer(buf)
  end
end

--- Returns the line that embeds a chat in one of the same folder.
---@param path string
---@return string
local function embed(path)
  return ("![](%s)"):format(links.target(path, path))
end

--- Returns the front matter of a chat without its title, which is that of the old chat.
---@param buf integer
---@return string[]
local function front_matter(buf)
  local front = require("chatvim.chat.outline").front(buf)
  return vim.tbl_filter(function(line)
    local value = line:match("^title%s*[=:]%s*(.*)")
    -- A title of several lines stays.
    return not value or value:find("^[|>]") or value:find([[^"""]]) or value:find([[^''']])
  end, api.nvim_buf_get_lines(buf, 0, front, true))
end

--- Returns the text of the new chat.
---@param buf integer the old chat
---@param path string of its file
---@return string[]
local function text(buf, path)
  local outline = require("chatvim.chat.outline")
  local lines = front_matter(buf)
  if #lines > 0 then
    table.insert(lines, "")
  end
  local user = outline.delimiters(buf).user
  return vim.list_extend(lines, { user, "", REQUEST, "", embed(path) })
end

--- Replaces the embed by a link, unless the user has changed it.
---@param chat chatvim.Chat
local function link(chat)
  local buf, path = chat.buf, chat.summary --[[@as string]]
  chat.summary = nil
  for index, line in ipairs(api.nvim_buf_get_lines(buf, 0, -1, true)) do
    if line == embed(path) then
      local lines = { links.to(path, path) }
      local err = require("chatvim.chat.buffer").replace(buf, index - 1, index, lines)
      if err then
        notify.show("replace the embed by a link; it is still there: " .. err, "warn")
      elseif require("chatvim.config").get().autosave then
        require("chatvim.chat.autosave").write(buf)
      end
      return
    end
  end
end

state.on("ended", function(chat, event)
  if
    chat.summary
    and require("chatvim.chat.exchange").is_whole(event)
    and api.nvim_buf_is_loaded(chat.buf)
  then
    link(chat)
  end
end)

--- Opens a chat that asks for a summary of the current one, and asks, or shows why it cannot.
---@param direction? string
---@param mods vim.api.keyset.cmd_mods
function M.run(direction, mods)
  local old = api.nvim_get_current_buf()
  local where, err = require("chatvim.command.window").where(direction, mods)
  err = err or refusal(old)
  if err then
    return notify.show(err, "warn")
  end
  require("chatvim.chat.outline").settle(old)
  local path = api.nvim_buf_get_name(old)
  local buf
  buf, err = require("chatvim.command.new").open({
    stem = "chat",
    folder = vim.fs.dirname(path),
    where = where,
    modified = true,
    lines = text(old, path),
  })
  if not buf then
    return notify.show(err --[[@as string]], "warn")
  end
  state.get(buf).summary = path
  require("chatvim.chat.running").start(buf)
end

return M
